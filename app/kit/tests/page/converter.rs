//! Events as the tests write them, and elements that note who wants the keyboard.

use std::{cell::RefCell, future::Future, pin::Pin, rc::Rc};

use dioxus::html::{
    AnimationData, CancelData, ClipboardData, CompositionData, DragData, FocusData, FormData, HtmlEventConverter,
    ImageData, KeyboardData, MediaData, MountedData, MountedResult, MouseData, PlatformEventData, PointerData,
    RenderedElementBacking, ResizeData, ScrollData, SelectionData, SerializedHtmlEventConverter, ToggleData, TouchData,
    TransitionData, VisibleData, WheelData,
};

/// An element as a component gets hold of it.
#[derive(Clone)]
pub(super) struct Handle {
    pub(super) id: usize,
    pub(super) wanted: Rc<RefCell<Option<usize>>>,
}

impl RenderedElementBacking for Handle {
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }

    fn set_focus(&self, focus: bool) -> Pin<Box<dyn Future<Output = MountedResult<()>>>> {
        if focus {
            self.wanted.replace(Some(self.id));
        }
        Box::pin(async { Ok(()) })
    }
}

pub(super) struct Converter;

macro_rules! as_serialized {
    ($($name:ident -> $data:ty),* $(,)?) => {
        impl HtmlEventConverter for Converter {
            fn convert_mounted_data(&self, event: &PlatformEventData) -> MountedData {
                event.downcast::<Handle>().cloned().map_or_else(|| MountedData::from(()), MountedData::from)
            }

            $(fn $name(&self, event: &PlatformEventData) -> $data {
                SerializedHtmlEventConverter.$name(event)
            })*
        }
    };
}

as_serialized! {
    convert_animation_data -> AnimationData,
    convert_cancel_data -> CancelData,
    convert_clipboard_data -> ClipboardData,
    convert_composition_data -> CompositionData,
    convert_drag_data -> DragData,
    convert_focus_data -> FocusData,
    convert_form_data -> FormData,
    convert_image_data -> ImageData,
    convert_keyboard_data -> KeyboardData,
    convert_media_data -> MediaData,
    convert_mouse_data -> MouseData,
    convert_pointer_data -> PointerData,
    convert_resize_data -> ResizeData,
    convert_scroll_data -> ScrollData,
    convert_selection_data -> SelectionData,
    convert_toggle_data -> ToggleData,
    convert_touch_data -> TouchData,
    convert_transition_data -> TransitionData,
    convert_visible_data -> VisibleData,
    convert_wheel_data -> WheelData,
}

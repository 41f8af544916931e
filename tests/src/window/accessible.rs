//! Calls to one accessible object.

use std::collections::HashMap;

use anyhow::{Result, ensure};
use atspi::{Interface, InterfaceSet, Role, StateSet};
use zbus::{
    Connection, Message,
    zvariant::{self, OwnedObjectPath},
};

const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
const TEXT: &str = "org.a11y.atspi.Text";
const COMPONENT: &str = "org.a11y.atspi.Component";
const COLLECTION: &str = "org.a11y.atspi.Collection";
const ACTION: &str = "org.a11y.atspi.Action";

/// How wide and tall something is, and where on the screen, pixels.
pub(super) type Extents = (i32, i32, i32, i32);

/// What stands for no object.
const NULL: &str = "/org/a11y/atspi/null";

/// A reference as it comes over the bus. The page's owner is told by a well-known name, which `atspi`'s own type does not
/// take.
type Reference = (String, OwnedObjectPath);

/// An object on the bus.
#[derive(Debug, Clone)]
pub(super) struct Accessible {
    connection: Connection,
    owner: String,
    path: OwnedObjectPath,
}

/// What an object tells about itself.
#[derive(Debug, Clone)]
pub(super) struct Label {
    pub(super) name: String,
    pub(super) description: String,
    /// How many children it has.
    pub(super) children: i32,
}

impl Accessible {
    fn new(connection: &Connection, (owner, path): Reference) -> Option<Self> {
        (path.as_str() != NULL).then(|| Self { connection: connection.clone(), owner, path })
    }

    /// The list of all programs with a tree.
    pub(super) async fn programs(connection: &Connection) -> Result<Vec<Self>> {
        let reply = connection
            .call_method(
                Some("org.a11y.atspi.Registry"),
                "/org/a11y/atspi/accessible/root",
                Some(ACCESSIBLE),
                "GetChildren",
                &(),
            )
            .await?;
        let children: Vec<Reference> = reply.body().deserialize()?;
        Ok(children.into_iter().filter_map(|child| Self::new(connection, child)).collect())
    }

    /// The process that owns it.
    pub(super) async fn process(&self) -> Result<u32> {
        let reply = self
            .connection
            .call_method(
                Some("org.freedesktop.DBus"),
                "/org/freedesktop/DBus",
                Some("org.freedesktop.DBus"),
                "GetConnectionUnixProcessID",
                &self.owner,
            )
            .await?;
        Ok(reply.body().deserialize()?)
    }

    async fn call<B>(&self, interface: &str, method: &str, body: &B) -> Result<Message>
    where
        B: serde::Serialize + zvariant::DynamicType,
    {
        let owner = self.owner.as_str();
        Ok(self.connection.call_method(Some(owner), self.path.as_str(), Some(interface), method, body).await?)
    }

    /// What is in it, `count` objects.
    pub(super) async fn children(&self, count: i32) -> Result<Vec<Self>> {
        if count == 0 {
            return Ok(Vec::new());
        }
        let reply = self.call(ACCESSIBLE, "GetChildren", &()).await?;
        let mut children: Vec<Reference> = reply.body().deserialize()?;
        if children.is_empty() {
            // The bridge of GTK leaves a page, which another process draws, out of the list.
            for index in 0..count {
                children.push(self.call(ACCESSIBLE, "GetChildAtIndex", &index).await?.body().deserialize()?);
            }
        }
        Ok(children.into_iter().filter_map(|child| Self::new(&self.connection, child)).collect())
    }

    pub(super) async fn role(&self) -> Result<Role> {
        Ok(self.call(ACCESSIBLE, "GetRole", &()).await?.body().deserialize()?)
    }

    pub(super) async fn states(&self) -> Result<StateSet> {
        Ok(self.call(ACCESSIBLE, "GetState", &()).await?.body().deserialize()?)
    }

    pub(super) async fn interfaces(&self) -> Result<InterfaceSet> {
        Ok(self.call(ACCESSIBLE, "GetInterfaces", &()).await?.body().deserialize()?)
    }

    pub(super) async fn attributes(&self) -> Result<HashMap<String, String>> {
        Ok(self.call(ACCESSIBLE, "GetAttributes", &()).await?.body().deserialize()?)
    }

    /// Name, description, number of children.
    pub(super) async fn label(&self) -> Result<Label> {
        let reply = self.call("org.freedesktop.DBus.Properties", "GetAll", &ACCESSIBLE).await?;
        let body = reply.body();
        let mut all: HashMap<String, zvariant::OwnedValue> = body.deserialize()?;
        let children = all.remove("ChildCount").and_then(|value| i32::try_from(value).ok()).unwrap_or_default();
        let mut text = |key: &str| all.remove(key).and_then(|value| String::try_from(value).ok()).unwrap_or_default();
        Ok(Label { name: text("Name"), description: text("Description"), children })
    }

    /// What is in it, at any depth, with one of these roles and all of these states: one call, however large the page is.
    pub(super) async fn matches(&self, roles: &[Role], states: StateSet) -> Result<Vec<Self>> {
        const ALL: i32 = 1;
        const ANY: i32 = 2;
        let mut bits = [0_u32; 5];
        for role in roles {
            let number = *role as usize;
            bits[number / 32] |= 1 << (number % 32);
        }
        let words = |bits: &[u32]| -> Vec<i32> { bits.iter().map(|word| word.cast_signed()).collect() };
        let states = states.bits();
        let states = words(&[u32::try_from(states & 0xffff_ffff)?, u32::try_from(states >> 32)?]);
        let nothing: HashMap<&str, &str> = HashMap::new();
        let role_match = if roles.is_empty() { ALL } else { ANY };
        let rule = (states, ALL, nothing, ALL, words(&bits), role_match, Vec::<&str>::new(), ALL, false);
        let (in_order, any_number, traverse) = (1_u32, 0_i32, true);
        let reply = self.call(COLLECTION, "GetMatches", &(rule, in_order, any_number, traverse)).await?;
        let found: Vec<Reference> = reply.body().deserialize()?;
        Ok(found.into_iter().filter_map(|found| Self::new(&self.connection, found)).collect())
    }

    /// The text it holds, if it is of a kind that holds text.
    pub(super) async fn text(&self, interfaces: InterfaceSet) -> Result<String> {
        if !interfaces.contains(Interface::Text) {
            return Ok(String::new());
        }
        Ok(self.call(TEXT, "GetText", &(0_i32, -1_i32)).await?.body().deserialize()?)
    }

    /// Where it is on the screen.
    pub(super) async fn extents(&self) -> Result<Extents> {
        const SCREEN: u32 = 0;
        Ok(self.call(COMPONENT, "GetExtents", &SCREEN).await?.body().deserialize()?)
    }

    /// Presses it, as a screen reader does.
    pub(super) async fn press(&self) -> Result<()> {
        let done: bool = self.call(ACTION, "DoAction", &0_i32).await?.body().deserialize()?;
        ensure!(done, "it does not let itself be pressed");
        Ok(())
    }

    /// Gives it the keyboard.
    pub(super) async fn focus(&self) -> Result<()> {
        let done: bool = self.call(COMPONENT, "GrabFocus", &()).await?.body().deserialize()?;
        ensure!(done, "it does not take the keyboard");
        Ok(())
    }

    /// Scrolls until it can be seen.
    pub(super) async fn reveal(&self) -> Result<()> {
        const ANYWHERE: u32 = 6;
        let _: bool = self.call(COMPONENT, "ScrollTo", &ANYWHERE).await?.body().deserialize()?;
        Ok(())
    }
}

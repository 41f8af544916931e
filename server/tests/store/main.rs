//! The contract of [`gridkey_server::store::Store`], held by every backend: in memory, in a folder, on a database server.
//!
//! Each case is a function of a [`support::Backend`]. The embedded backends run each case as a test of its own; the
//! database server runs them all in one test, on one server process, each in a database of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod audit;
mod durability;
mod figures;
mod keys;
mod orders;
mod outbox;
mod pages;
mod remote;
mod small;
mod stream;
mod support;

macro_rules! suite {
    ($($module:ident: $($case:ident)*;)*) => {
        mod memory {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    crate::$module::$case(&crate::support::Backend::memory().await).await;
                }
            )*)*
        }

        mod folder {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    crate::$module::$case(&crate::support::Backend::folder().await).await;
                }
            )*)*
        }

        /// Every case, one after the other, each on a fresh backend.
        pub(crate) async fn run_all<F: Future<Output = support::Backend>>(fresh: impl Fn() -> F) {
            $($(
                eprintln!("{}", stringify!($case));
                $module::$case(&fresh().await).await;
            )*)*
        }
    };
}

suite! {
    keys:
        a_key_is_issued_bound_and_ended
        a_key_stands_as_the_last_change_left_it_whoever_reads_meanwhile
        a_known_fingerprint_or_serial_is_refused
        of_many_who_bind_one_key_at_once_one_wins
        an_administrators_key_is_bound_to_no_customer
        the_keys_of_a_customer_come_newest_first
        a_key_that_ended_is_on_the_revocation_list_until_its_time_is_over
        the_end_of_a_key_refuses_its_orders_that_nobody_paid_yet
        no_order_slips_in_while_its_key_ends
        a_key_that_takes_anothers_place_keeps_the_customers_history
        a_lost_keys_place_is_taken_and_it_stays_lost
        a_renewed_key_lives_beside_its_successor_until_it_is_due
        keys_are_found_when_something_is_due
        keys_are_listed_by_what_is_asked_and_in_pages;
    orders:
        an_order_reads_back_as_it_was_submitted
        an_id_is_taken_once_for_a_customer
        of_two_orders_for_one_bill_one_wins
        an_order_needs_a_key_bound_to_its_customer
        a_refused_order_is_kept_and_holds_no_bill
        an_order_goes_through_reachable_states_only
        bills_are_held_while_an_order_is_open
        a_receipt_and_a_reference_are_kept
        a_refund_is_kept_beside_the_receipt
        orders_are_listed_newest_first_in_pages
        open_orders_are_found_again_by_their_state;
    stream:
        a_stream_is_made_once
        pushes_appended_at_once_have_offsets_without_gaps
        a_source_is_pushed_once
        pushes_are_read_in_pages
        a_cursor_never_goes_back_nor_past_the_newest;
    pages:
        a_page_is_used_once
        a_fresh_page_makes_the_older_one_lapse
        a_page_lapses_with_time_and_with_its_order
        the_first_hand_over_is_the_one_noted;
    outbox:
        an_event_is_applied_once
        an_event_applied_by_several_at_once_is_applied_once
        an_event_is_applied_whole_or_not_at_all
        an_event_may_take_an_order_through_several_states;
    figures:
        payments_are_counted_once_in_the_hour_they_were_paid
        orders_and_keys_are_counted_by_their_state;
    audit:
        a_chain_written_by_many_at_once_has_no_gaps
        what_was_refused_leaves_no_entry
        a_changed_or_missing_entry_is_found
        entries_are_read_in_pages;
    small:
        settings_are_replaced_as_a_whole
        the_first_acknowledgement_of_an_alarm_stays
        envelopes_come_newest_first
        a_wrapped_data_key_is_never_replaced
        another_data_key_is_refused
        the_database_answers;
}

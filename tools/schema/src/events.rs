//! What a subscriber is handed out. The core writes a CloudEvent around the data that the store has; here each type of it has
//! a schema, so that who asks for the type knows the data. The test of the vectors holds them to what is written.

use leadwright::events::{
    BreakerChanged, CapConfirmed, CapExhausted, CapReleased, CapReserved, ConsentChanged, DeliveryAccepted,
    DeliveryAttempted, DeliveryDeadLettered, DeliveryRedriven, DeliveryRejected, DeliveryUnknown, FundsChanged,
    LeadAssigned, LeadDecided, LeadHeld, LeadReleased, LeadReturned, MoneyAdjusted, OverrideCleared, OverrideSet,
    PersonForgotten, PlanActivated, ProblemMet, ProblemNoted, SaleFell, StatementWasClosed,
};
use leadwright::model::{Subject, Timestamp};
use schemars::JsonSchema;

macro_rules! cloud_events {
    ($($(#[doc = $says:literal])* $name:ident $kind:literal $data:ident;)*) => {
        /// An event as subscribers read it: a CloudEvent of version 1.0, structured.
        #[derive(JsonSchema)]
        #[serde(untagged)]
        #[expect(dead_code, reason = "only its schema is wanted")]
        #[expect(clippy::enum_variant_names, reason = "each is named as its type is")]
        pub(crate) enum CloudEvent {
            $($name($name),)*
        }

        $(
            $(#[doc = $says])*
            #[derive(JsonSchema)]
            #[expect(dead_code, reason = "only its schema is wanted")]
            pub(crate) struct $name {
                /// The version of CloudEvents.
                #[schemars(extend("const" = "1.0"))]
                specversion: String,
                /// The same whenever the event is read: what comes twice is known by it.
                #[schemars(regex(pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"))]
                id: String,
                /// `/leadwright/` and the tenant.
                source: String,
                /// What happened.
                #[schemars(extend("const" = $kind))]
                r#type: String,
                /// What it is about.
                subject: Subject,
                /// When.
                time: Timestamp,
                /// What the data is.
                #[schemars(extend("const" = "application/json"))]
                datacontenttype: String,
                /// The name of the data's schema.
                dataschema: String,
                /// The position in the log, in 20 digits: the order of the texts is that of the events.
                #[schemars(regex(pattern = "^[0-9]{20}$"))]
                sequence: String,
                /// The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
                partitionkey: String,
                /// What it says.
                data: $data,
            }
        )*
    };
}

cloud_events! {
    /// A decision was made and recorded.
    LeadDecidedEvent "lead.decided.v1" LeadDecided;
    /// A contract got the lead.
    LeadAssignedEvent "lead.assigned.v1" LeadAssigned;
    /// The lead waits: for a person, a list, an hour to call, or room.
    LeadHeldEvent "lead.held.v1" LeadHeld;
    /// Somebody released, mended or dropped a lead that waited.
    LeadReleasedEvent "lead.released.v1" LeadReleased;
    /// A cap has no room for another sale like this one.
    CapExhaustedEvent "cap.exhausted.v1" CapExhausted;
    /// Another system took room from the limits of a contract before it sells.
    CapReservedEvent "cap.reserved.v1" CapReserved;
    /// What it reserved is sold.
    CapConfirmedEvent "cap.confirmed.v1" CapConfirmed;
    /// What it reserved was given back.
    CapReleasedEvent "cap.released.v1" CapReleased;
    /// Somebody took their consent back.
    ConsentRevokedEvent "consent.revoked.v1" ConsentChanged;
    /// Somebody who had taken it back gave it anew.
    ConsentRestoredEvent "consent.restored.v1" ConsentChanged;
    /// Operations changed what holds for a contract, beside the plan.
    OverrideSetEvent "override.set.v1" OverrideSet;
    /// Operations took such a change back.
    OverrideClearedEvent "override.cleared.v1" OverrideCleared;
    /// Money was paid in for a buyer, or taken out.
    FundsChangedEvent "funds.changed.v1" FundsChanged;
    /// A buyer gave a lead back.
    LeadReturnedEvent "lead.returned.v1" LeadReturned;
    /// A sale did not come about: the buyer does not have the lead.
    SaleFellEvent "sale.fell.v1" SaleFell;
    /// A sale that fell came about after all: its buyer told late that it has the lead.
    SaleHonoredEvent "sale.honored.v1" SaleFell;
    /// Another amount is owed, for a reason that no lead gives.
    MoneyAdjustedEvent "money.adjusted.v1" MoneyAdjusted;
    /// A statement was closed: what it says does not change any more.
    StatementClosedEvent "statement.closed.v1" StatementWasClosed;
    /// The leads of somebody were erased, for they asked for it.
    PersonForgottenEvent "person.forgotten.v1" PersonForgotten;
    /// An engine began to decide by another plan than the one before.
    PlanActivatedEvent "plan.activated.v1" PlanActivated;
    /// A problem that the error ledger did not have.
    ProblemNewEvent "problem.new.v1" ProblemMet;
    /// A problem came again after somebody had resolved it.
    ProblemRegressedEvent "problem.regressed.v1" ProblemMet;
    /// Somebody knows a problem, and it stays as it is.
    ProblemAcknowledgedEvent "problem.acknowledged.v1" ProblemNoted;
    /// Somebody says that a problem will not come again.
    ProblemResolvedEvent "problem.resolved.v1" ProblemNoted;
    /// Somebody is about to send a lead to its buyer.
    DeliveryAttemptedEvent "delivery.attempted.v1" DeliveryAttempted;
    /// The buyer has the lead.
    DeliveryAcceptedEvent "delivery.accepted.v1" DeliveryAccepted;
    /// An attempt ended, and the buyer did not get the lead by it.
    DeliveryRejectedEvent "delivery.rejected.v1" DeliveryRejected;
    /// Nobody knows how an attempt ended.
    DeliveryUnknownEvent "delivery.unknown.v1" DeliveryUnknown;
    /// A delivery was given up.
    DeliveryDeadLetteredEvent "delivery.dead_lettered.v1" DeliveryDeadLettered;
    /// Somebody lets a delivery be tried again.
    DeliveryRedrivenEvent "delivery.redriven.v1" DeliveryRedriven;
    /// The breaker of a buyer opened, tries again, or closed; or somebody said so.
    BreakerChangedEvent "breaker.changed.v1" BreakerChanged;
}

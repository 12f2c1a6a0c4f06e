-- A delivery of which nobody knows how it ended may be kept until a time: it is found as a claim is whose time is over.
DROP INDEX outbox_claimed;
CREATE INDEX outbox_claimed ON outbox(tenant, claimed_until, id) WHERE state IN ('claimed', 'unknown');

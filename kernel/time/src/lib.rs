//! Clock, instants, calendar cycles, anchors, periods and proration fractions.

-- News inside the product. One row for everybody it is for: who may see it is asked when somebody looks.
CREATE TABLE messaging_notices (
    id {ID},
    -- `staff`, `customer:12`, `staff:3`, `user:4`.
    audience {TEXT} NOT NULL,
    -- Empty for everybody of the audience.
    permission {TEXT} NOT NULL,
    kind {TEXT} NOT NULL,
    -- What it is about: the same news is told once.
    about {TEXT} NOT NULL,
    -- JSON of the values in the kind's order.
    said {TEXT} NOT NULL,
    href {TEXT} NOT NULL,
    raised_at {I64} NOT NULL,
    UNIQUE (audience, kind, about)
) {STRICT};
CREATE INDEX messaging_notices_newest ON messaging_notices (audience, raised_at, id);
CREATE INDEX messaging_notices_raised ON messaging_notices (raised_at);

-- Single pieces that somebody has read beyond what they have read altogether.
CREATE TABLE messaging_notice_reads (
    reader {TEXT} NOT NULL,
    notice_id {I64} NOT NULL,
    PRIMARY KEY (reader, notice_id)
) {CLUSTERED};
CREATE INDEX messaging_notice_reads_notice ON messaging_notice_reads (notice_id);

-- Up to when somebody has read everything.
CREATE TABLE messaging_notice_readers (
    reader {TEXT} NOT NULL PRIMARY KEY,
    read_until {I64} NOT NULL
) {CLUSTERED};

-- Kinds for which somebody chose another way than the usual one, which is in the product.
CREATE TABLE messaging_notice_choices (
    reader {TEXT} NOT NULL,
    kind {TEXT} NOT NULL,
    way {TEXT} NOT NULL CHECK (way IN ('mail', 'off')),
    -- The language to write in.
    locale {TEXT} NOT NULL,
    PRIMARY KEY (reader, kind)
) {CLUSTERED};
CREATE INDEX messaging_notice_choices_mail ON messaging_notice_choices (kind, way, reader);

CREATE TABLE loyalty_words (id {ID}, word {TEXT} NOT NULL) {STRICT};

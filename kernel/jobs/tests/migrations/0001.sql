CREATE TABLE done_words (id {ID}, word {TEXT} NOT NULL) {STRICT};

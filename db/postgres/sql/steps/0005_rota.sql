-- The rota (db/rota_schema.py), and the day a relationship ended.

CREATE TABLE rota (
  id           uuid NOT NULL,
  kind         varchar(24) NOT NULL,
  authority    varchar(40) NOT NULL,
  service      varchar(16) NOT NULL,
  name         varchar(120) NOT NULL,
  number       varchar(20) NOT NULL,
  safe         varchar(120) NOT NULL,
  begins       bigint NOT NULL,
  ends         bigint NOT NULL,
  source       varchar(80) NOT NULL,
  as_at        date,
  brought_at   bigint NOT NULL,
  withdrawn_at bigint,
  CONSTRAINT pk_rota PRIMARY KEY (id)
);
CREATE INDEX ix_rota_ends ON rota (ends, begins);

ALTER TABLE relationship ADD COLUMN until date;

-- The tenant's knowledge base. Every time an article is kept is a version of its own; `published` is the one that agents read.
create table otklik.article (
  tenant_id uuid not null references otklik.tenant (tenant_id),
  id uuid not null default uuidv7(),
  version integer not null check (version > 0),
  published integer check (published <= version),
  primary key (tenant_id, id)
);
create table otklik.article_version (
  tenant_id uuid not null,
  article_id uuid not null,
  version integer not null,
  title text not null,
  body text not null,
  plain text not null, -- the body without its marks
  language text not null check (language in ('ru', 'en')),
  tags text[] not null,
  queues text[] not null,
  search tsvector not null,
  made_at timestamptz not null default now(),
  made_by uuid,
  primary key (tenant_id, article_id, version),
  foreign key (tenant_id, article_id) references otklik.article on delete cascade
);
-- What became of an article in one person's hands on one contact.
create table otklik.article_use (
  tenant_id uuid not null,
  article_id uuid not null,
  contact_id uuid not null,
  person_id uuid not null,
  put boolean not null default false,
  helped boolean,
  at timestamptz not null default now(),
  primary key (tenant_id, article_id, contact_id, person_id),
  foreign key (tenant_id, article_id) references otklik.article on delete cascade
);

-- Words of Latin letters go by the English dictionary, all others by the Russian one: PostgreSQL's `russian` is made so.
-- Who types does not tell ё from е. No GIN index: @@ is not leakproof, so behind row-level security no index would serve it,
-- and a tenant's own articles are few.
create function otklik.article_words(p_text text) returns text
  language sql immutable parallel safe
  return translate(lower(p_text), 'ё', 'е');
create function otklik.article_search(p_title text, p_tags text[], p_plain text) returns tsvector
  language sql stable parallel safe
  return setweight(to_tsvector('pg_catalog.russian', otklik.article_words(p_title)), 'A')
      || setweight(to_tsvector('pg_catalog.russian', otklik.article_words(array_to_string(p_tags, ' '))), 'B')
      || setweight(to_tsvector('pg_catalog.russian', otklik.article_words(p_plain)), 'D');
grant select, insert, update, delete on otklik.article to otklik_app;
grant select, insert, delete on otklik.article_version to otklik_app;
grant select, insert, update, delete on otklik.article_use to otklik_app;
select otklik.protect_table('article');
select otklik.protect_table('article_version');
select otklik.protect_table('article_use');

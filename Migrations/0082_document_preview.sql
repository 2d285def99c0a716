-- What a PDF looks like and what it says, found behind the upload (documents.read-pdf). A picture is its own preview.
alter table app.document_version
  add preview_key text,                                                 -- the first page of a PDF that can be read
  add pages       int check (pages > 0),                                -- of such a PDF
  add unique (tenant_id, preview_key);
comment on column app.document_version.thumb_key is 'Pictures have one, and PDFs that can be read';
comment on column app.document.content is 'Of the newest version, where that is text or a PDF with words';

-- as: superuser
-- What was read on a photo, by machine: data of whoever wrote on what is on it. Null until somebody has read it, empty when there was
-- nothing to read. Visitors hand photos in and say nothing about what stands on them.
alter table app.fault_photo add words text check (length(words) <= 500);
alter policy visitor on app.fault_photo with check (stage = 'report' and added_by is null and words is null);

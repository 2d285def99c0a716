#pragma once
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

static inline void cpango_release(void *object) { g_object_unref(object); }

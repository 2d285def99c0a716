#pragma once
#include <zlib.h>

/* deflateInit2 is a macro, which Swift does not import. 31 = 15 bits of window and a gzip header. */
static inline int portico_gzip_start(z_stream *stream) {
    return deflateInit2(stream, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY);
}

#pragma once
#include <vips/vips.h>

// libvips speaks through functions with variable arguments, which Swift does not import. These are the few calls that
// Portico makes, each with its options spelled out once. All give 0 for success.

static inline int cvips_start(void) {
    if (VIPS_INIT("portico")) return -1;
    // Only loaders that are fuzzed upstream: no ImageMagick, SVG, PDF or OpenSlide, whatever a file claims to be.
    vips_block_untrusted_set(TRUE);
    // Its run-time compiler wants writable executable memory and temporary files; a process for hostile input has neither.
    vips_vector_set_enabled(FALSE);
    vips_cache_set_max(0);
    vips_concurrency_set(1);
    return 0;
}

/// Reads the header only. The bytes must outlive the image.
static inline int cvips_header(const void *bytes, size_t count, VipsImage **out) {
    *out = vips_image_new_from_buffer(bytes, count, "", NULL);
    return *out ? 0 : -1;
}

/// Decodes to at most `edge` on each side, turned upright by EXIF; in sRGB where a profile says what its colours are. Others are taken as
/// they are: to give them a profile libvips 8.14 goes by way of another white, and paper turns blue (its issue 3479).
static inline int cvips_thumbnail(const void *bytes, size_t count, int edge, VipsImage **out) {
    VipsImage *header = vips_image_new_from_buffer(bytes, count, "", NULL);
    int profiled = header && vips_image_get_typeof(header, VIPS_META_ICC_NAME);
    VIPS_UNREF(header);
    return vips_thumbnail_buffer((void *) bytes, count, out, edge, "height", edge, "size", VIPS_SIZE_DOWN,
                                 "fail_on", VIPS_FAIL_ON_ERROR, profiled ? "export_profile" : NULL, "srgb", NULL);
}

static inline int cvips_shrink(VipsImage *in, int edge, VipsImage **out) {
    return vips_thumbnail_image(in, out, edge, "height", edge, "size", VIPS_SIZE_DOWN, NULL);
}

static inline int cvips_srgb(VipsImage *in, VipsImage **out) {
    return vips_colourspace(in, out, VIPS_INTERPRETATION_sRGB, NULL);
}

/// Transparent places become white.
static inline int cvips_flatten(VipsImage *in, VipsImage **out) {
    double white[3] = {255, 255, 255};
    VipsArrayDouble *background = vips_array_double_new(white, 3);
    int failed = vips_flatten(in, out, "background", background, NULL);
    vips_area_unref(VIPS_AREA(background));
    return failed;
}

/// Without any metadata. Free the result with cvips_free.
static inline int cvips_jpeg(VipsImage *in, int quality, void **bytes, size_t *count) {
    return vips_jpegsave_buffer(in, bytes, count, "Q", quality, "optimize_coding", TRUE, "strip", TRUE, NULL);
}

/// Decodes to exactly `edge` on the longer side, in grey, with the grain of the film taken out.
static inline int cvips_grey(const void *bytes, size_t count, int edge, VipsImage **out) {
    VipsImage *sized = NULL, *grey = NULL, *plain = NULL;
    int failed = vips_thumbnail_buffer((void *) bytes, count, &sized, edge, "height", edge, "size", VIPS_SIZE_BOTH,
                                       "fail_on", VIPS_FAIL_ON_ERROR, NULL)
        || vips_colourspace(sized, &grey, VIPS_INTERPRETATION_B_W, NULL)
        || vips_extract_band(grey, &plain, 0, NULL)
        || vips_gaussblur(plain, out, 1, NULL);
    VIPS_UNREF(sized);
    VIPS_UNREF(grey);
    VIPS_UNREF(plain);
    return failed ? -1 : 0;
}

static inline void cvips_free(void *bytes) { g_free(bytes); }
static inline void cvips_release(VipsImage *image) { g_object_unref(image); }

#pragma once
#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

// Leptonica, whose pictures Tesseract reads, packs bytes into words by macros, which Swift does not import.

/// A picture of one byte a pixel, line by line. NULL without memory. Give it back with pixDestroy.
static inline PIX *ctesseract_picture(const unsigned char *pixels, int width, int height) {
    PIX *picture = pixCreate(width, height, 8);
    if (!picture) return NULL;
    for (int y = 0; y < height; y++) {
        l_uint32 *line = pixGetData(picture) + (size_t) y * pixGetWpl(picture);
        for (int x = 0; x < width; x++) SET_DATA_BYTE(line, x, pixels[(size_t) y * width + x]);
    }
    return picture;
}

/// What is darker, or lighter, than its surroundings and narrower than 41 pixels, dark on white: strokes of letters. Shadows and the
/// edges of plates and displays are neither, and grain differs by less than 30 of 255.
static inline PIX *ctesseract_letters(PIX *picture, int light, int quarters) {
    PIX *strokes = pixTophat(picture, 41, 41, light ? L_TOPHAT_WHITE : L_TOPHAT_BLACK);
    if (!strokes) return NULL;
    PIX *turned = NULL;
    if (!pixAddConstantGray(strokes, -30) && !pixMultConstantGray(strokes, 4) && pixInvert(strokes, strokes))
        turned = pixRotateOrth(strokes, quarters);
    pixDestroy(&strokes);
    return turned;
}

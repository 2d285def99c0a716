#pragma once
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/* curl_easy_setopt and curl_easy_getinfo take any number of arguments, which Swift cannot call. */
typedef size_t (*portico_curl_pipe)(char *, size_t, size_t, void *);

static inline CURLcode portico_curl_number(CURL *curl, CURLoption option, long value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode portico_curl_text(CURL *curl, CURLoption option, const char *value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode portico_curl_list(CURL *curl, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode portico_curl_buffer(CURL *curl, CURLoption option, char *value) {
    return curl_easy_setopt(curl, option, value);
}

static inline void portico_curl_flow(CURL *curl, CURLoption function, CURLoption data, portico_curl_pipe pipe, void *context) {
    curl_easy_setopt(curl, function, pipe);
    curl_easy_setopt(curl, data, context);
}

static inline long portico_curl_figure(CURL *curl, CURLINFO info) {
    long value = 0;
    curl_easy_getinfo(curl, info, &value);
    return value;
}

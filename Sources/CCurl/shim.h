// libcurl's setters and getters take any type; Swift cannot call such functions, so each type in use has its own.
#ifndef CROSSFADE_CCURL_SHIM_H
#define CROSSFADE_CCURL_SHIM_H

#include <curl/curl.h>

typedef size_t (*crossfade_curl_sink)(char *bytes, size_t size, size_t count, void *context);
typedef int (*crossfade_curl_progress)(
    void *context, curl_off_t download, curl_off_t downloaded, curl_off_t upload, curl_off_t uploaded);

static inline CURLcode crossfade_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

// curl copies the text.
static inline CURLcode crossfade_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

// curl keeps the list: it must live as long as the transfer.
static inline CURLcode crossfade_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode crossfade_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode crossfade_curl_set_sink(CURL *handle, CURLoption option, crossfade_curl_sink value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode crossfade_curl_set_progress(CURL *handle, crossfade_curl_progress value) {
  return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}

static inline CURLcode crossfade_curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode crossfade_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(handle, info, value);
}

// The text is curl's own, good until the handle is used again.
static inline CURLcode crossfade_curl_get_text(CURL *handle, CURLINFO info, const char **value) {
  char *text = NULL;
  CURLcode code = curl_easy_getinfo(handle, info, &text);
  *value = text;
  return code;
}

static inline CURLcode crossfade_curl_get_certificates(CURL *handle, const struct curl_certinfo **value) {
  struct curl_certinfo *chain = NULL;
  CURLcode code = curl_easy_getinfo(handle, CURLINFO_CERTINFO, &chain);
  *value = chain;
  return code;
}

static inline CURLcode crossfade_curl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

#endif

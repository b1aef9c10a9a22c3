// libcurl, loaded when a probe first needs it: the sidecar itself neither carries it and its thirty libraries nor needs
// them to be installed. libcurl's setters and getters take any type; Swift cannot call such functions, so each type in use
// has its own.
#ifndef CROSSFADE_CCURL_H
#define CROSSFADE_CCURL_H

#include <curl/curl.h>

typedef size_t (*crossfade_curl_sink)(char *bytes, size_t size, size_t count, void *context);
typedef int (*crossfade_curl_progress)(
    void *context, curl_off_t download, curl_off_t downloaded, curl_off_t upload, curl_off_t uploaded);

// Once, before everything else. Returns NULL, or what is missing, in the loader's words.
const char *crossfade_curl_load(void);

CURL *crossfade_curl_init(void);
void crossfade_curl_reset(CURL *handle);
CURLcode crossfade_curl_perform(CURL *handle);
void crossfade_curl_cleanup(CURL *handle);
const char *crossfade_curl_message(CURLcode code);

struct curl_slist *crossfade_curl_list_append(struct curl_slist *list, const char *text);
void crossfade_curl_list_free(struct curl_slist *list);

CURLcode crossfade_curl_set_long(CURL *handle, CURLoption option, long value);
// curl copies the text.
CURLcode crossfade_curl_set_text(CURL *handle, CURLoption option, const char *value);
// curl keeps the list: it must live as long as the transfer.
CURLcode crossfade_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode crossfade_curl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode crossfade_curl_set_sink(CURL *handle, CURLoption option, crossfade_curl_sink value);
CURLcode crossfade_curl_set_progress(CURL *handle, crossfade_curl_progress value);

CURLcode crossfade_curl_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode crossfade_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value);
// The text is curl's own, good until the handle is used again.
CURLcode crossfade_curl_get_text(CURL *handle, CURLINFO info, const char **value);
CURLcode crossfade_curl_get_certificates(CURL *handle, const struct curl_certinfo **value);

#endif

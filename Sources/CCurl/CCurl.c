#define CURL_DISABLE_TYPECHECK
#include "CCurl.h"

#include <dlfcn.h>
#include <stddef.h>

// The names that setters and getters have as macros stand for the functions here.
#undef curl_easy_setopt
#undef curl_easy_getinfo

#ifdef __APPLE__
static const char *const library_name = "libcurl.4.dylib";
#else
static const char *const library_name = "libcurl.so.4";
#endif

static struct {
  CURLcode (*global_init)(long flags);
  CURL *(*easy_init)(void);
  void (*easy_reset)(CURL *handle);
  CURLcode (*easy_perform)(CURL *handle);
  void (*easy_cleanup)(CURL *handle);
  const char *(*easy_strerror)(CURLcode code);
  CURLcode (*easy_setopt)(CURL *handle, CURLoption option, ...);
  CURLcode (*easy_getinfo)(CURL *handle, CURLINFO info, ...);
  struct curl_slist *(*slist_append)(struct curl_slist *list, const char *text);
  void (*slist_free_all)(struct curl_slist *list);
} curl;

const char *crossfade_curl_load(void) {
  void *library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return dlerror();
  const struct {
    const char *name;
    void *slot;
  } functions[] = {
      {"curl_global_init", &curl.global_init},     {"curl_easy_init", &curl.easy_init},
      {"curl_easy_reset", &curl.easy_reset},       {"curl_easy_perform", &curl.easy_perform},
      {"curl_easy_cleanup", &curl.easy_cleanup},   {"curl_easy_strerror", &curl.easy_strerror},
      {"curl_easy_setopt", &curl.easy_setopt},     {"curl_easy_getinfo", &curl.easy_getinfo},
      {"curl_slist_append", &curl.slist_append},   {"curl_slist_free_all", &curl.slist_free_all},
  };
  for (size_t index = 0; index < sizeof functions / sizeof functions[0]; index++) {
    void *function = dlsym(library, functions[index].name);
    if (function == NULL) return dlerror();
    // POSIX: what dlsym returns may be stored into a function pointer this way.
    *(void **)functions[index].slot = function;
  }
  return curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? NULL : "libcurl does not start";
}

CURL *crossfade_curl_init(void) { return curl.easy_init(); }
void crossfade_curl_reset(CURL *handle) { curl.easy_reset(handle); }
CURLcode crossfade_curl_perform(CURL *handle) { return curl.easy_perform(handle); }
void crossfade_curl_cleanup(CURL *handle) { curl.easy_cleanup(handle); }
const char *crossfade_curl_message(CURLcode code) { return curl.easy_strerror(code); }

struct curl_slist *crossfade_curl_list_append(struct curl_slist *list, const char *text) {
  return curl.slist_append(list, text);
}

void crossfade_curl_list_free(struct curl_slist *list) { curl.slist_free_all(list); }

CURLcode crossfade_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl.easy_setopt(handle, option, value);
}

CURLcode crossfade_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl.easy_setopt(handle, option, value);
}

CURLcode crossfade_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl.easy_setopt(handle, option, value);
}

CURLcode crossfade_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl.easy_setopt(handle, option, value);
}

CURLcode crossfade_curl_set_sink(CURL *handle, CURLoption option, crossfade_curl_sink value) {
  return curl.easy_setopt(handle, option, value);
}

CURLcode crossfade_curl_set_progress(CURL *handle, crossfade_curl_progress value) {
  return curl.easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}

CURLcode crossfade_curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl.easy_getinfo(handle, info, value);
}

CURLcode crossfade_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
  return curl.easy_getinfo(handle, info, value);
}

CURLcode crossfade_curl_get_text(CURL *handle, CURLINFO info, const char **value) {
  char *text = NULL;
  CURLcode code = curl.easy_getinfo(handle, info, &text);
  *value = text;
  return code;
}

CURLcode crossfade_curl_get_certificates(CURL *handle, const struct curl_certinfo **value) {
  struct curl_certinfo *chain = NULL;
  CURLcode code = curl.easy_getinfo(handle, CURLINFO_CERTINFO, &chain);
  *value = chain;
  return code;
}

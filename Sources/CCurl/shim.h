// libcurl's setters and getters take any type; Swift cannot call such functions, so each type in use has its own.
#ifndef CROSSFADE_CCURL_SHIM_H
#define CROSSFADE_CCURL_SHIM_H

#include <curl/curl.h>

#endif

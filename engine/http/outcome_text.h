// What went wrong with an exchange, in words. Never shows a query, a header or a credential.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/http/transport.h"

namespace viasync::http {

// `PATCH https://host/via/v2/…`, without user, query and fragment.
std::string NameOf(Method method, std::string_view url);

// `/via/v2/…`: the path alone.
std::string_view PathOf(std::string_view url);

// Its host and port, without a user or password.
std::string HostOf(std::string_view url);

// `503`, or why there was no answer, without the name of the request.
std::string ReasonOf(const Request& request, const base::Result<Response>& outcome);

// kUnavailable, or kNetwork when the last try did not get through either.
base::Error GaveUp(const Request& request, const base::Result<Response>& last, int tries,
                   base::Millis spent);

// kUnknown: the write may or may not have been carried out.
base::Error Unsure(const Request& request, const base::Result<Response>& outcome);

// kUnavailable: the org asked for a pause longer than we are ready to wait; nothing was sent.
base::Error PausedTooLong(const Request& request, base::Millis pause);

}  // namespace viasync::http

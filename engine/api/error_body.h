// What an answer says when it is no success: all of it, made safe to print. Also what is wrong with
// a body that should have been JSON.
#pragma once

#include <string>

#include "engine/base/redact.h"
#include "engine/http/transport.h"

namespace viasync::api {

// Strings that must never be seen: an org may echo what it was sent.
using Secrets = base::Redactor;

// One line: the reference's `{"error": {code, message, errors: [{scope, reason, message}]}}`, the
// token service's `{"error", "error_description"}`, the title of an HTML page, else the start of
// the text. Printable, without any of `secrets`, bounded in length; empty = an empty body.
std::string DescribeBody(const http::Response& response, const Secrets& secrets);

// Why a body is not JSON: "is cut off after 1,204 bytes", "is HTML (\"Sign in\")", "is not JSON".
std::string DescribeBrokenJson(const http::Response& response, const Secrets& secrets);

}  // namespace viasync::api

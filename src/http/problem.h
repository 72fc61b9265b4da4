#pragma once

#include "base/result.h"
#include "http/message.h"

/// Errors as RFC 9457 problem documents: {type, title, status, detail, code, where, expected}.
namespace rapport::http {

/// 400, 401, ... for the code.
int status_of(Errc code);
/// "Too Many Requests"
std::string_view status_phrase(int status);
/// With Retry-After for what is worth trying again, WWW-Authenticate for 401.
Response problem(const Error& error);
/// The same with a status of its own (405, 415, ...).
Response problem(int status, const Error& error);

}  // namespace rapport::http

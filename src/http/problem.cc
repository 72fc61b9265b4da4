#include "http/problem.h"

#include "codec/json_writer.h"

namespace rapport::http {

int status_of(Errc code) {
  switch (code) {
    case Errc::bad_input:
      return 400;
    case Errc::unauthorized:
      return 401;
    case Errc::forbidden:
      return 403;
    case Errc::not_found:
      return 404;
    case Errc::conflict:
      return 409;
    case Errc::too_large:
      return 413;
    case Errc::refused:
      return 422;
    case Errc::overloaded:
      return 429;
    case Errc::unsupported:
      return 501;
    case Errc::unavailable:
      return 503;
    case Errc::corrupt:
    case Errc::io:
    case Errc::internal:
      return 500;
  }
  return 500;
}

std::string_view status_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

Response problem(const Error& error) {
  return problem(status_of(error.code), error);
}

Response problem(int status, const Error& error) {
  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.field("type", "about:blank");
  json.field("title", status_phrase(status));
  json.field("status", status);
  json.field("detail", error.message);
  json.field("code", errc_name(error.code));
  json.field("where", error.where);
  json.field("expected", error.expected);
  json.end_object();
  if (status == 429 || status == 503) response.headers.emplace_back("Retry-After", "1");
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"rapport\"");
  return response;
}

}  // namespace rapport::http

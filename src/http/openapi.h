#pragma once

#include <span>
#include <string>

#include "http/router.h"

namespace rapport::http {

/// The route table as an OpenAPI 3.1 document (JSON). Schemas of events come from the catalogue, the others
/// from openapi_schemas.cc.
std::string openapi_document(std::span<const Route> routes);

}  // namespace rapport::http

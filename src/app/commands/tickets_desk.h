#pragma once

#include <CLI/CLI.hpp>

namespace rapport::app {

/// What agents do on tickets beside answering, as parts of `rapport tickets` (docs/desk.md).
void add_ticket_desk_parts(CLI::App& tickets);

}  // namespace rapport::app

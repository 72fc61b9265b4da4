#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "app/command.h"
#include "codec/json_index.h"

/// Subcommands of a subcommand that all speak to one folder and shop.
namespace rapport::app {

/// A part that takes --data, --shop and --json and runs `run`. `Asked` has the members data, shop and json.
template <class Asked>
CLI::App* add_part(CLI::App& parent, const std::shared_ptr<Asked>& asked, const std::string& name,
                   const std::string& help, void (*run)(const Asked&)) {
  CLI::App* part = parent.add_subcommand(name, help);
  add_data_option(*part, asked->data);
  add_shop_option(*part, asked->shop);
  part->add_flag("--json", asked->json, "one JSON document on one line");
  part->callback([asked, run] { run(*asked); });
  return part;
}

/// The whole of it, or give_up.
std::string read_text_file(const std::string& path);

/// An answer of the API: as it is on one line with --json, else laid out.
void show_answer(bool json, const std::string& body);
/// A member of a table: its text, its JSON when it is none, "-" when it is absent or null.
std::string text_of(const codec::JsonValue& value);

struct PolicyAsked {
  std::string data, shop;
  std::string file;  ///< "" = only show
  bool json = false;
};
/// Shows what is published at `path`, or publishes the file there and tells at which position.
void show_or_publish(const PolicyAsked& asked, const std::string& path);

}  // namespace rapport::app

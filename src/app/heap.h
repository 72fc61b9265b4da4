#pragma once

/// How the program takes memory from the system. Not in builds with a sanitizer, which bring their own heap.
namespace rapport::app {

/// Asks the kernel for huge pages under the heap: a customer's state lies in a dozen places of gigabytes, and
/// each of them costs a walk through the page table less. Where the kernel gives none nothing changes. Before
/// the first thread.
void ask_for_huge_pages();

}  // namespace rapport::app

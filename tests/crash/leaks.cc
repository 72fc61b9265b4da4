// What LeakSanitizer is told of the crash tests. A write that fails in the middle of a switch of memtables
// makes RocksDB lose the new one, now and then: its own allocation, seen under none of our frames. Our leaks
// are still found.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:rocksdb::DBImpl::SwitchMemtable\nleak:rocksdb::ColumnFamilyData::ConstructNewMemtable\n"
         "leak:librocksdb.so\n";
}

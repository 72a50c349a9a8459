# The trigger of icecat-local: a library of its own, so that tests can run it without the stack.
add_library(icecat_local_trigger STATIC
  child.c runtime_api.c runtime_report.c s3_record.c trigger.c trigger_dead.c trigger_store.c worker.c
  worker_environment.c)
target_include_directories(icecat_local_trigger PUBLIC ${CMAKE_CURRENT_LIST_DIR})
target_compile_definitions(icecat_local_trigger PRIVATE _POSIX_C_SOURCE=200809L)
target_link_libraries(icecat_local_trigger PRIVATE icecat_flags
                      PUBLIC icecat_local_base PkgConfig::CJSON PkgConfig::SQLITE PkgConfig::EVENT)

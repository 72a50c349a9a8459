# small.cmake - the library for devices whose flash is small (ICECAT_SMALL, preset "small"). docs/size.md has what
# each of these is worth.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)

# icecat_make_small(objects library): for the objects, and for the shared library that is linked of them.
function(icecat_make_small objects library)
  target_compile_definitions(${objects} PRIVATE ICECAT_SMALL)
  # No tables for unwinding: exceptions of C++ cannot pass through a callback, and a debugger needs -g.
  target_compile_options(${objects} PRIVATE -fno-asynchronous-unwind-tables -fno-unwind-tables)
  foreach(flag -Oz -fipa-pta "-flto=auto -ffat-lto-objects -flto-partition=one" -fno-plt)
    string(MAKE_C_IDENTIFIER "icecat_has_small${flag}" known)
    check_c_compiler_flag(${flag} ${known})
    if(${known})
      separate_arguments(words UNIX_COMMAND ${flag})
      target_compile_options(${objects} PRIVATE ${words})
      target_link_options(${library} PRIVATE ${words})
    endif()
  endforeach()
  # Fewer pages for permissions that differ, and relative relocations in a bitmap (glibc 2.36, musl 1.2.4).
  foreach(flag -Wl,-z,noseparate-code -Wl,-z,pack-relative-relocs)
    string(MAKE_C_IDENTIFIER "icecat_has_small${flag}" known)
    check_linker_flag(C ${flag} ${known})
    if(${known})
      target_link_options(${library} PRIVATE ${flag})
    endif()
  endforeach()
endfunction()

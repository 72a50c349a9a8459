# hardening.cmake - what compiler and linker do against faults that are still unknown. docs/security.md says
# why; tests/abi/hardening.py looks whether it is in the files.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)

# icecat_harden(target): for all that take their flags from it.
function(icecat_harden target)
  # "strong" costs the small library 9 kB; the plain form guards every function with an array of 8 bytes.
  if(ICECAT_SMALL)
    set(protector -fstack-protector)
  else()
    set(protector -fstack-protector-strong)
  endif()
  foreach(flag ${protector} -fstack-clash-protection -fcf-protection=full
               -mbranch-protection=standard)
    string(MAKE_C_IDENTIFIER "icecat_has${flag}" known)
    check_c_compiler_flag(-Werror\ ${flag} ${known})
    if(${known})
      target_compile_options(${target} INTERFACE ${flag})
    endif()
  endforeach()
  # It needs an optimiser. The distribution may have set another value, which would be a warning.
  target_compile_options(${target} INTERFACE
    $<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-U_FORTIFY_SOURCE>
    $<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-D_FORTIFY_SOURCE=3>)
  foreach(flag -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
    string(MAKE_C_IDENTIFIER "icecat_has${flag}" known)
    check_linker_flag(C ${flag} ${known})
    if(${known})
      target_link_options(${target} INTERFACE ${flag})
    endif()
  endforeach()
endfunction()

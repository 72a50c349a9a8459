/*
 * credentials_walk.h - go through the sources in their order.
 */
#ifndef IC_CREDENTIALS_WALK_H
#define IC_CREDENTIALS_WALK_H

#include "aws/credentials_chain.h"

/**
 * The first source that has keys. @p only, unless NULL, is the only one looked at. @p findings, unless
 * NULL, gets a line for every source. @p origin tells which one it was.
 * ICECAT_E_NO_CREDENTIALS names what was tried; any other failure is that of the source.
 */
icecat_status ic_chain_walk(const ic_chain *chain, const ic_need *need, const ic_origin *only,
                            icecat_credentials_findings *findings, ic_keys **out,
                            const ic_origin **origin, icecat_error *err);

#endif

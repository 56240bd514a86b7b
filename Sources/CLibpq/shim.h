#ifndef CLAVIGER_CLIBPQ_SHIM_H
#define CLAVIGER_CLIBPQ_SHIM_H

// PostgreSQL's own client library. Only PostgresDriver imports it.
#include <libpq-fe.h>

// The descriptor that wakes a connection's thread out of poll(2); the module Glibc leaves it out.
#include <sys/eventfd.h>

#endif

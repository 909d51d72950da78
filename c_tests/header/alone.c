/* The header needs nothing before it. */
#include <ecgrid.h>

/* Including it again changes nothing. */
#include <ecgrid.h>
#include <ecgrid.h>
#include "ecgrid.h"

// The header needs nothing before it, and bears being included twice.
#include <ecgrid.hpp>
#include <ecgrid.hpp>

int main()
{
    return ecgrid::version().empty() ? 1 : 0;
}

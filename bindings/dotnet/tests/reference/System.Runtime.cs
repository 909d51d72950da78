// What .NET 8 has and the compiler of the tests has no assembly for that it can read: only to compile against, never run.
using System.Reflection;

[assembly: AssemblyVersion("8.0.0.0")]

namespace System.Diagnostics.CodeAnalysis
{
    public sealed class AllowNullAttribute : Attribute
    {
    }

    public sealed class MaybeNullAttribute : Attribute
    {
    }
}

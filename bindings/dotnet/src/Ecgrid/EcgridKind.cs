namespace Ecgrid
{
    /// <summary>What kind of JSON a pointer leads to: the numbers of the C library's ECGRID_KIND_*.</summary>
    public enum EcgridKind
    {
        /// <summary>The pointer leads to nothing.</summary>
        Missing = 0,

        /// <summary>null.</summary>
        Null = 1,

        /// <summary>true or false.</summary>
        Boolean = 2,

        /// <summary>A number of any size.</summary>
        Number = 3,

        /// <summary>A string.</summary>
        String = 4,

        /// <summary>An array.</summary>
        Array = 5,

        /// <summary>An object.</summary>
        Object = 6,
    }
}

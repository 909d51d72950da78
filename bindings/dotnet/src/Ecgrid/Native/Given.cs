using System;

namespace Ecgrid.Native
{
    /// <summary>Arguments that must be there at all. What is wrong with their values the library says.</summary>
    internal static class Given
    {
        public static void Text(string text, string parameter)
        {
            if (text == null) throw new ArgumentNullException(parameter);
        }
    }
}

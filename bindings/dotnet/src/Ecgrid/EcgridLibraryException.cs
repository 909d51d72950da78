using System;
#if !NET8_0_OR_GREATER
using System.Runtime.Serialization;
#endif

namespace Ecgrid
{
    /// <summary>
    /// The native library could not be loaded, or is of a version that this assembly does not work with. The message says
    /// what was tried and what to do.
    /// </summary>
#if !NET8_0_OR_GREATER
    [Serializable]
#endif
    public class EcgridLibraryException : Exception
    {
        /// <summary>An exception with a message.</summary>
        /// <param name="message">What is wrong and what to do.</param>
        public EcgridLibraryException(string message)
            : base(message)
        {
        }

        /// <summary>An exception with a message, and what the runtime said.</summary>
        /// <param name="message">What is wrong and what to do.</param>
        /// <param name="innerException">What the runtime said.</param>
        public EcgridLibraryException(string message, Exception innerException)
            : base(message, innerException)
        {
        }

#if !NET8_0_OR_GREATER
        /// <summary>For exceptions that cross application domains of .NET Framework.</summary>
        /// <param name="info">What was stored.</param>
        /// <param name="context">Where it comes from.</param>
        protected EcgridLibraryException(SerializationInfo info, StreamingContext context)
            : base(info, context)
        {
        }
#endif
    }
}

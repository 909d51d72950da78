using System;
using System.Threading.Tasks;
using Ecgrid.Native;

namespace Ecgrid
{
    /// <content>Passwords that the program can wipe.</content>
    public partial class EcgridToken
    {
        /// <summary>
        /// As <see cref="Login"/>, with a password that the program can wipe as soon as this has been called.
        /// </summary>
        /// <inheritdoc cref="Login"/>
        public static EcgridToken LoginChars(string login, char[] password)
        {
            return LoginHeld(login, HeldText.Secret(password, nameof(password), "password"));
        }

        /// <summary>As <see cref="LoginChars(string, char[])"/>, without blocking; see <see cref="LoginAsync"/>.</summary>
        /// <inheritdoc cref="LoginAsync"/>
        public static Task<EcgridToken> LoginCharsAsync(string login, char[] password)
        {
            return LoginHeldAsync(login, HeldText.Secret(password, nameof(password), "password"));
        }

#if NET8_0_OR_GREATER
        /// <summary>As <see cref="Login"/>, with a password that the program can wipe as soon as this has been called.</summary>
        /// <inheritdoc cref="Login"/>
        public static EcgridToken LoginChars(string login, ReadOnlySpan<char> password)
        {
            return LoginHeld(login, HeldText.Secret(password, "password"));
        }

        /// <summary>As <see cref="LoginChars(string, char[])"/>, without blocking; see <see cref="LoginAsync"/>.</summary>
        /// <inheritdoc cref="LoginAsync"/>
        public static Task<EcgridToken> LoginCharsAsync(string login, ReadOnlySpan<char> password)
        {
            return LoginHeldAsync(login, HeldText.Secret(password, "password"));
        }
#endif

        private static unsafe EcgridToken LoginHeld(string login, HeldText password)
        {
            Given.Text(login, nameof(login));
            Library.Ensure();
            using (password) return new EcgridToken(ClientCalls.DefaultLogin(login, password.Bytes));
        }

        private static unsafe Task<EcgridToken> LoginHeldAsync(string login, HeldText password)
        {
            Given.Text(login, nameof(login));
            Library.Ensure();
            return Start(client => new EcgridToken(ClientCalls.DefaultLogin(login, password.Bytes)), password);
        }
    }
}

using System;
using System.Diagnostics;
using System.IO;
using System.Reflection;
using System.Runtime.Serialization.Formatters.Binary;
using System.Threading;
using System.Threading.Tasks;
using Ecgrid;

/// <summary>What can be said of the public types as a whole.</summary>
internal static class SurfaceTests
{
    private const BindingFlags Statics = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static void nothing_public_is_static_and_can_be_changed()
    {
        foreach (var type in Types())
        {
            if (type == null || !type.IsVisible) continue;
            foreach (var field in type.GetFields(Statics)) Check.That(field.IsLiteral || field.IsInitOnly, "" + field);
            foreach (var property in type.GetProperties(Statics)) Check.That(!property.CanWrite, "" + property);
        }
    }

    public static void every_call_that_blocks_has_an_async_form_with_the_same_parameters()
    {
        var found = 0;
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var type in new[] { typeof(EcgridClient), typeof(EcgridSession), typeof(EcgridInbox), typeof(EcgridOutbox) })
        {
            foreach (var method in type.GetMethods(Own))
            {
                if (typeof(Task).IsAssignableFrom(method.ReturnType)) continue;
                var parameters = Array.ConvertAll(method.GetParameters(), parameter => parameter.ParameterType);
                if (Array.IndexOf(parameters, typeof(CancellationToken)) < 0) continue;
                found++;
                Check.That(parameters[parameters.Length - 2] == typeof(TimeSpan?), method.Name + " has no timeout");
                var form = type.GetMethod(method.Name + "Async", parameters);
                Check.That(form != null, method.Name + " has no async form");
                var result = method.ReturnType == typeof(void) ? typeof(Task) : typeof(Task<>).MakeGenericType(method.ReturnType);
                Check.Equal(result, form.ReturnType, "what " + form.Name + " returns");
            }
        }
        // In .NET 8 with spans besides.
        Check.Equal(IsForFramework ? 22 : 26, found, "the number of calls");
    }

    public static void whatever_a_test_of_ones_own_may_call_it_can_fake()
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        const BindingFlags Derived = BindingFlags.NonPublic | BindingFlags.Instance;
        var types = new[]
        {
            typeof(EcgridClient), typeof(EcgridSession), typeof(EcgridToken), typeof(EcgridResponse), typeof(EcgridParcel),
            typeof(EcgridInbox), typeof(EcgridOutbox),
        };
        foreach (var type in types)
        {
            Check.That(!type.IsSealed, type + " is sealed");
            foreach (var method in type.GetMethods(Own)) Check.That(method.IsVirtual && !method.IsFinal, "" + method);
            Check.That(type.GetConstructor(Derived, null, Type.EmptyTypes, null).IsFamily, type + " cannot be derived from");
        }
    }

    public static void secrets_are_not_shown_where_nobody_asked_for_them()
    {
        using (var client = Sandbox.Client())
        using (var token = client.Login(Sandbox.Login, Sandbox.Password)) Check.HasNot(token.ToString(), token.Value);
        var options = new EcgridOptions { ApiKey = "0f0c-secret", Proxy = "http://a:0f0c-secret@b" };
        Check.HasNot(options.ToString(), "0f0c-secret");
        Hidden(typeof(EcgridToken), "Value", "HeaderValue");
        Hidden(typeof(EcgridOptions), "ApiKey", "Proxy");
        Hidden(typeof(EcgridResponse), "Body", "Data");
    }

    public static void exceptions_cross_application_domains_where_there_are_some()
    {
        var error = new EcgridException("m", EcgridStatus.RateLimited, EcgridOutcome.Refused, 429, "c", TimeSpan.FromSeconds(2), "t", 3);
        Check.Equal(IsForFramework, error.GetType().IsSerializable, "whether it is serializable");
        if (!IsForFramework) return;
        var copy = Copy(error);
        var values = new object[]
        {
            copy.Message, copy.Status, copy.Outcome, copy.HttpStatus, copy.Code, copy.RetryAfter, copy.TraceId, copy.ParcelCount,
        };
        Check.Equal("m RateLimited Refused 429 c 00:00:02 t 3", string.Join(" ", values), "the copy");
        Check.That(Copy(new EcgridException("m", 0, 0)).RetryAfter == null, "the copy has no RetryAfter");
        var canceled = Copy(new EcgridCanceledException(
            new EcgridException("m", EcgridStatus.Cancelled, EcgridOutcome.Unknown), CancellationToken.None));
        Check.Equal("m Unknown", canceled.Message + " " + canceled.Outcome, "the copy");
        Check.Equal("m", Copy(new EcgridLibraryException("m")).Message, "the copy");
    }

    public static void imports_convert_nothing()
    {
        var imports = typeof(EcgridClient).Assembly.GetType("Ecgrid.Native.NativeMethods", true);
        foreach (var method in imports.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        {
            Plain(method, method.ReturnType);
            foreach (var parameter in method.GetParameters()) Plain(method, parameter.ParameterType);
        }
    }

    /// <summary>Which of the two assemblies this runs with: the one for .NET Standard brings attributes that it lacks.</summary>
    private static Type[] Types()
    {
        try
        {
            return typeof(EcgridClient).Assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException error)
        {
            // Some Monos come without HttpClient, and so without the handler for it.
            return error.Types;
        }
    }

    private static bool IsForFramework
    {
        get
        {
            const string Attribute = "System.Diagnostics.CodeAnalysis.AllowNullAttribute";
            return typeof(EcgridClient).Assembly.GetType(Attribute) != null;
        }
    }

    private static T Copy<T>(T original)
    {
        var formatter = new BinaryFormatter();
        using (var stream = new MemoryStream())
        {
            formatter.Serialize(stream, original);
            stream.Position = 0;
            return (T)formatter.Deserialize(stream);
        }
    }

    private static void Plain(MethodInfo method, Type type)
    {
        if (type.IsByRef) type = type.GetElementType();
        var isNumber = type.IsPrimitive && type != typeof(bool) && type != typeof(char);
        var isHandle = typeof(System.Runtime.InteropServices.SafeHandle).IsAssignableFrom(type);
        Check.That(isNumber || isHandle || type.IsPointer || type == typeof(void), method.Name + " has a " + type);
    }

    private static void Hidden(Type type, params string[] names)
    {
        foreach (var name in names)
        {
            var shown = type.GetProperty(name).GetCustomAttributes(typeof(DebuggerBrowsableAttribute), false);
            Check.That(shown.Length == 1, type.Name + "." + name + " is shown by debuggers");
            Check.Equal(DebuggerBrowsableState.Never, ((DebuggerBrowsableAttribute)shown[0]).State, name);
        }
    }
}

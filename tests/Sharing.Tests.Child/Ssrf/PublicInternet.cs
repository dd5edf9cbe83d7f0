using System.Net;

namespace Sharing.Tests.Child.Ssrf;

/// <summary>The few public addresses that there are in the namespace.</summary>
static class PublicInternet
{
    /// <summary>A web server, which redirects wherever it is told to.</summary>
    public static readonly IPAddress Web = IPAddress.Parse("93.184.216.34");

    public static readonly IPAddress Web6 = IPAddress.Parse("2606:2800:220:1::34");

    /// <summary>The name server.</summary>
    public static readonly IPAddress Names = IPAddress.Parse("93.184.216.53");

    /// <summary>Sharing's own server.</summary>
    public static readonly IPAddress Product = IPAddress.Parse("93.184.216.80");

    /// <summary>A host at which no port is open.</summary>
    public static readonly IPAddress Closed = IPAddress.Parse("93.184.216.99");

    /// <summary>An address at which packets vanish.</summary>
    public static readonly IPAddress Silent = IPAddress.Parse("93.184.217.1");

    /// <summary>The web server, as anybody's host.</summary>
    public const string PublicName = "public.example";

    /// <summary>The web server, as a server that the operator named.</summary>
    public const string OwnName = "own.example";

    public const string ClosedName = "closed.example";

    public const string SilentName = "silent.example";

    public const string MissingName = "missing.example";

    /// <summary>Names under this one hold the addresses that they lead to.</summary>
    public const string Zone = "ssrf.example";

    public static IPAddress[] All => [Web, Web6, Names, Product, Closed, Silent];
}

namespace Sharing.Tests.Laws;

/// <summary>Nothing but the guarded client opens a connection outward. Read off the compiled assemblies: text can be written in too many ways.</summary>
public sealed class OutwardLaws
{
    /// <summary>What reaches outward, or could be used to do so unseen: a whole namespace (with a dot at its end), a type, or a type's member.</summary>
    static readonly string[] Outward =
    [
        "System.Net.Sockets.", "System.Net.Quic.", "System.Net.WebSockets.", "System.Net.Mail.", "System.Net.NetworkInformation.", "System.Net.PeerToPeer.",
        "System.IO.Pipes.", "System.DirectoryServices.", "System.Net.Dns", "System.Net.WebClient", "System.Net.WebRequest", "System.Net.HttpWebRequest",
        "System.Net.FtpWebRequest", "System.Net.HttpListener", "System.Net.Http.HttpClient:.ctor", "System.Net.Http.HttpClient:typeof",
        "System.Net.Http.HttpMessageInvoker:.ctor", "System.Net.Http.HttpMessageInvoker:typeof", "System.Net.Http.SocketsHttpHandler",
        "System.Net.Http.HttpClientHandler", "System.Net.Http.WinHttpHandler", "System.Net.Http.IHttpClientFactory", "System.Net.Http.IHttpMessageHandlerFactory",
        "System.Net.Http.HttpClientFactoryExtensions", "System.Net.Http.HttpMessageHandlerFactoryExtensions",
        "Microsoft.Extensions.DependencyInjection.HttpClientFactoryServiceCollectionExtensions",
        "System.Diagnostics.Process:Start", "System.Diagnostics.Process:.ctor", "System.Diagnostics.Process:typeof", "native",
        "System.Runtime.InteropServices.NativeLibrary", "System.Runtime.InteropServices.Marshal:GetDelegateForFunctionPointer",
        "System.Reflection.Assembly:Load", "System.Reflection.Assembly:LoadFrom", "System.Reflection.Assembly:LoadFile", "System.Reflection.Assembly:GetType",
        "System.Type:GetType", "System.Activator:CreateInstance", "System.Runtime.Loader.AssemblyLoadContext", "System.Xml.XmlUrlResolver", "System.Xml.XmlDocument:Load",
        "System.Xml.Linq.XDocument:Load", "System.Xml.XmlReader:Create",
    ];

    /// <summary>Names of what is in those namespaces, but reaches nowhere.</summary>
    static readonly string[] Harmless = ["System.Net.Sockets.SocketException", "System.Net.Sockets.AddressFamily", "System.Net.Sockets.SocketError"];

    /// <summary>Who may, and why. What is not used any more must go from here.</summary>
    static readonly string[] Allowed =
    [
        // The connector and its policy: everything else goes through them.
        "Sharing.Core.AddressPolicy → System.Net.Dns:GetHostAddressesAsync",
    ];

    static readonly string[] GuardedNames = [Core.GuardedClient.Name, Core.GuardedClient.Services];

    static readonly string[] Samples =
    [
        Repository.Sample("Server", "Server.dll"), Repository.Sample("Terminal", "sharing.dll"), Repository.Sample("ExistingProduct", "ExistingProduct.dll"),
    ];

    [Fact]
    public void Nothing_but_the_guarded_client_reaches_outward() => Assert.Equal(
        string.Join('\n', Allowed.Order(StringComparer.Ordinal)),
        string.Join('\n', Repository.Packages.Select(package => package.Location).Concat(Samples).SelectMany(Found).Distinct().Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("System.Net.Sockets.TcpClient:.ctor")]
    [InlineData("System.Net.WebSockets.ClientWebSocket:.ctor")]
    [InlineData("System.Net.NetworkInformation.Ping:SendPingAsync")]
    [InlineData("System.Net.Quic.QuicConnection:ConnectAsync")]
    [InlineData("System.Diagnostics.Process:Start")]
    [InlineData("System.Diagnostics.Process:.ctor")]
    [InlineData("System.IO.Pipes.NamedPipeClientStream:.ctor")]
    [InlineData("System.Net.Mail.SmtpClient:.ctor")]
    [InlineData("System.Net.Http.IHttpClientFactory:CreateClient")]
    [InlineData("System.Net.Http.HttpClientFactoryExtensions:CreateClient")]
    [InlineData("Microsoft.Extensions.DependencyInjection.HttpClientFactoryServiceCollectionExtensions:AddHttpClient")]
    [InlineData("System.Net.Http.HttpClient:typeof")]
    [InlineData("System.Net.Sockets.Socket:typeof")]
    [InlineData("System.Net.Sockets.UdpClient:typeof")]
    [InlineData("System.Activator:CreateInstance")]
    [InlineData("System.Type:GetType")]
    [InlineData("System.Net.Http.HttpClientHandler:.ctor")]
    [InlineData("System.Net.Http.HttpMessageInvoker:.ctor")]
    [InlineData("System.Net.Dns:GetHostAddressesAsync")]
    [InlineData("native:libc:socket")]
    [InlineData("native:libc:connect")]
    [InlineData("native:a pointer to code")]
    public void It_is_seen_however_it_is_written(string what) =>
        Assert.Contains($"{typeof(Temptations).FullName} → {what}", Found(typeof(OutwardLaws).Assembly.Location));

    [Fact]
    public void Only_the_names_of_the_guarded_clients_pass()
    {
        var made = CompiledUse.Of(typeof(OutwardLaws).Assembly.Location)
            .Where(use => use is { Member: "CreateClient", Type: "System.Net.Http.IHttpClientFactory" } && use.User == typeof(Temptations).FullName);
        Assert.Equal(["another", null], made.Select(use => use.Text));
    }

    static IEnumerable<string> Found(string assembly) =>
        from use in CompiledUse.Of(assembly)
        where IsOutward(use) && !(use.Member == "CreateClient" && use.Type == "System.Net.Http.IHttpClientFactory" && GuardedNames.Contains(use.Text, StringComparer.Ordinal))
        select $"{use.User} → {use.Type}:{use.Member}";

    static bool IsOutward(CompiledUse use) => !Harmless.Contains(use.Type, StringComparer.Ordinal) && Outward.Any(one =>
        one[^1] == '.' ? use.Type.StartsWith(one, StringComparison.Ordinal) : one == use.Type || one == $"{use.Type}:{use.Member}");
}

namespace Sharing.Tests.Laws;

/// <summary>Nothing but the guarded client opens a connection outward. Read off the compiled assemblies: text can be written in too many ways.</summary>
public sealed class OutwardLaws
{
    /// <summary>What reaches outward, or could be used to do so unseen: a whole namespace (with a dot at its end), a type, or a type's member.</summary>
    static readonly string[] Outward =
    [
        "System.Net.Sockets.", "System.Net.Quic.", "System.Net.WebSockets.", "System.Net.Mail.SmtpClient", "System.Net.NetworkInformation.", "System.Net.PeerToPeer.",
        "System.IO.Pipes.", "System.DirectoryServices.", "System.Net.Dns", "System.Net.WebClient", "System.Net.WebRequest", "System.Net.HttpWebRequest",
        "System.Net.FtpWebRequest", "System.Net.HttpListener", "System.Net.Http.HttpClient:.ctor", "System.Net.Http.HttpClient:typeof",
        "System.Net.Http.HttpMessageInvoker:.ctor", "System.Net.Http.HttpMessageInvoker:typeof", "System.Net.Http.SocketsHttpHandler",
        "System.Net.Http.HttpClientHandler", "System.Net.Http.WinHttpHandler", "System.Net.Http.IHttpClientFactory:CreateClient", "System.Net.Http.IHttpMessageHandlerFactory",
        "System.Net.Http.HttpClientFactoryExtensions", "System.Net.Http.HttpMessageHandlerFactoryExtensions",
        "Microsoft.Extensions.DependencyInjection.HttpClientFactoryServiceCollectionExtensions",
        "System.Diagnostics.Process:Start", "System.Diagnostics.Process:.ctor", "System.Diagnostics.Process:typeof", "native",
        "System.Runtime.InteropServices.NativeLibrary", "System.Runtime.InteropServices.Marshal:GetDelegateForFunctionPointer",
        "System.Reflection.Assembly:Load", "System.Reflection.Assembly:LoadFrom", "System.Reflection.Assembly:LoadFile", "System.Reflection.Assembly:GetType",
        "System.Type:GetType", "System.Activator:CreateInstance", "System.Runtime.Loader.AssemblyLoadContext", "System.Xml.XmlUrlResolver", "System.Xml.XmlDocument:Load",
        "System.Xml.Linq.XDocument:Load", "System.Xml.XmlReader:Create", "Amazon.S3.AmazonS3Client", "Npgsql.NpgsqlDataSource:Create", "Npgsql.NpgsqlDataSourceBuilder", "Npgsql.NpgsqlConnection:.ctor",
    ];

    /// <summary>Names of what is in those namespaces, but reaches nowhere.</summary>
    static readonly string[] Harmless = ["System.Net.Sockets.SocketException", "System.Net.Sockets.AddressFamily", "System.Net.Sockets.SocketError", "System.Net.NetworkInformation.IPAddressInformation", "System.Net.NetworkInformation.IPInterfaceProperties", "System.Net.NetworkInformation.UnicastIPAddressInformation", "System.Net.NetworkInformation.UnicastIPAddressInformationCollection"];

    /// <summary>Who may, and why. What is not used any more must go from here.</summary>
    static readonly string[] Allowed =
    [
        // The guarded client itself: names, connections, and its registration.
        "Sharing.Core.AddressPolicy → System.Net.Dns",
        "Sharing.Core.GuardedConnector → System.Net.Http.SocketsHttpHandler",
        "Sharing.Core.GuardedConnector → System.Net.Sockets.NetworkStream",
        "Sharing.Core.GuardedConnector → System.Net.Sockets.Socket",
        "Sharing.Core.PeerConnector → System.Net.Http.SocketsHttpHandler",
        "Sharing.Core.PeerConnector → System.Net.NetworkInformation.NetworkInterface",
        "Sharing.Core.PeerConnector → System.Net.Sockets.NetworkStream",
        "Sharing.Core.PeerConnector → System.Net.Sockets.Socket",
        "Sharing.Core.SeparatingHandler → System.Net.Http.HttpMessageInvoker",
        "Sharing.Core.GuardedClientRegistration → Microsoft.Extensions.DependencyInjection.HttpClientFactoryServiceCollectionExtensions",
        "Sharing.Core.GuardedClientRegistration → System.Net.Http.HttpClient",

        // The database and the S3 store that the operator named.
        "Sharing.PostgreSql.PostgreSqlConnection → Npgsql.NpgsqlDataSourceBuilder",
        "Sharing.S3.S3Bucket → Amazon.S3.AmazonS3Client",

        // Hands a guarded client, named by its callers, to whatever asks for a client.
        "Sharing.SharingOfflineExtensions → System.Net.Http.HttpClient",
        "Sharing.SharingOfflineExtensions → System.Net.Http.IHttpClientFactory",

        // Confined programs, which have no network.
        "Sharing.Core.ConfinedProcess → System.Diagnostics.Process",

        // Installs what was fetched and checked, by the platform's own program, which the host names.
        "Sharing.Apps.CommandInstaller → System.Diagnostics.Process",

        // The durable flush.
        "Sharing.Core.DurableFile → native:kernel32:FlushFileBuffers",
        "Sharing.Core.DurableFile → native:libc:fcntl",
        "Sharing.Core.DurableFile → native:libc:fsync",
        "Sharing.Core.DurableFile → native:libc:open",

        // Reads what is in memory already.
        "Sharing.Core.CachedRead → native:libc:preadv2",

        // Mail, through the SMTP server that the operator named.
        "Sharing.Core.MailNotifier → System.Net.Mail.SmtpClient",

        // Decodes pictures, in memory, whose headers were taken; loaded by names of our own.
        "Sharing.Photos.VipsLibrary → System.Runtime.InteropServices.NativeLibrary",
        .. "vips_area_unref vips_array_image_get_type vips_array_image_new vips_blob_get vips_blob_get_type vips_block_untrusted_set vips_cache_operation_build vips_cache_set_max vips_concurrency_set vips_error_buffer_copy vips_error_clear vips_image_copy_memory vips_image_get_bands vips_image_get_height vips_image_get_typeof vips_image_get_width vips_image_hasalpha vips_image_write_to_memory vips_init vips_object_set_argument_from_string vips_object_unref_outputs vips_operation_block_set vips_operation_new vips_source_new_from_memory".Split(' ').Select(static function => $"Sharing.Photos.VipsLibrary → native:vips:{function}"),
        .. "g_object_get_property g_object_set_property g_object_unref g_value_dup_boxed g_value_dup_object g_value_init g_value_set_boxed g_value_set_object g_value_unset".Split(' ').Select(static function => $"Sharing.Photos.VipsLibrary → native:gobject:{function}"),
        .. "g_free g_setenv".Split(' ').Select(static function => $"Sharing.Photos.VipsLibrary → native:glib:{function}"),

        // Stands between a publisher under test and its network, on this machine.
        "Sharing.Testing.FaultServer → System.Net.Sockets.LingerOption",
        "Sharing.Testing.FaultServer → System.Net.Sockets.NetworkStream",
        "Sharing.Testing.FaultServer → System.Net.Sockets.Socket",
        "Sharing.Testing.FaultServer → System.Net.Sockets.TcpListener",

        // What a host under test hands in.
        "Sharing.Testing.TusUnderTest → System.Net.Http.HttpClient",

        // A web page that is to be opened by the machine's own browser, because its user said so.
        "Sharing.Terminal.Commands.MessageCommands → System.Diagnostics.Process",

        // The terminal sample drives the terminal that runs already, by its socket in the data folder.
        "Sharing.Terminal.TerminalSession → System.Net.Http.HttpClient",
        "Sharing.Terminal.TerminalSession → System.Net.Http.SocketsHttpHandler",
        "Sharing.Terminal.TerminalSession → System.Net.Sockets.NetworkStream",
        "Sharing.Terminal.TerminalSession → System.Net.Sockets.Socket",
        "Sharing.Terminal.TerminalSession → System.Net.Sockets.UnixDomainSocketEndPoint",
    ];

    static readonly string[] GuardedNames = [Core.GuardedClient.Name, Core.GuardedClient.Services, Core.GuardedClient.Peers];

    static readonly string[] Samples =
    [
        Repository.Sample("Server", "Server.dll"), Repository.Sample("Terminal", "sharing.dll"), Repository.Sample("ExistingProduct", "ExistingProduct.dll"),
    ];

    [Fact]
    public void Nothing_but_the_guarded_client_reaches_outward() => Assert.Equal(
        string.Join('\n', Allowed.Order(StringComparer.Ordinal)),
        string.Join('\n', Repository.Packages.Select(package => package.Location).Concat(Samples).SelectMany(Found).Distinct().Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("System.Net.Sockets.TcpClient")]
    [InlineData("System.Net.WebSockets.ClientWebSocket")]
    [InlineData("System.Net.NetworkInformation.Ping")]
    [InlineData("System.Net.Quic.QuicConnection")]
    [InlineData("System.Diagnostics.Process")]
    [InlineData("System.IO.Pipes.NamedPipeClientStream")]
    [InlineData("System.Net.Mail.SmtpClient")]
    [InlineData("System.Net.Http.IHttpClientFactory")]
    [InlineData("System.Net.Http.HttpClientFactoryExtensions")]
    [InlineData("Microsoft.Extensions.DependencyInjection.HttpClientFactoryServiceCollectionExtensions")]
    [InlineData("System.Net.Http.HttpClient")]
    [InlineData("System.Net.Sockets.Socket")]
    [InlineData("System.Net.Sockets.UdpClient")]
    [InlineData("System.Activator")]
    [InlineData("System.Type")]
    [InlineData("System.Net.Http.HttpClientHandler")]
    [InlineData("System.Net.Http.HttpMessageInvoker")]
    [InlineData("System.Net.Dns")]
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
        select $"{use.User} → {(use.Type == "native" ? $"native:{use.Member}" : use.Type)}";

    static bool IsOutward(CompiledUse use) => !Harmless.Contains(use.Type, StringComparer.Ordinal) && Outward.Any(one =>
        one[^1] == '.' ? use.Type.StartsWith(one, StringComparison.Ordinal) : one == use.Type || one == $"{use.Type}:{use.Member}");
}

using System.Net;
using System.Net.Sockets;

namespace Sharing.Core;

/// <summary>Decides for a host and a port which addresses may be connected to. Thread-safe.</summary>
/// <remarks>
/// Configured authorities may be anywhere. Every other host is a stranger: its port must be one of <see cref="FetchOptions.StrangerPorts"/>, and
/// each address of its name global unicast. The name is resolved once and the answer is what gets connected to, so that a second,
/// different answer of the name server changes nothing.
/// </remarks>
sealed class AddressPolicy
{
    readonly HashSet<Authority> _configured = [];
    readonly HashSet<int> _strangerPorts;
    readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    /// <param name="options">Validated options; read once.</param>
    /// <param name="client">Which of the clients: <see cref="GuardedClient.Name"/> or <see cref="GuardedClient.Services"/>.</param>
    /// <param name="resolve">Finds the addresses of a name; the system's resolver unless given.</param>
    public AddressPolicy(FetchOptions options, string client = GuardedClient.Name, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        foreach (var entry in client == GuardedClient.Services ? options.Configured.Concat(options.Services) : options.Configured)
        {
            if (Authority.TryParse(entry, out var authority))
            {
                _configured.Add(authority);
            }
        }

        _strangerPorts = [.. options.StrangerPorts];
        _resolve = resolve ?? Dns.GetHostAddressesAsync;
    }

    public bool IsConfigured(Uri address) => Authority.HostOf(address) is { } host && IsConfigured(host, address.Port);

    public bool IsConfigured(string host, int port)
    {
        var canonical = Authority.Canonical(host);
        return _configured.Contains(new Authority(canonical, port)) || _configured.Contains(new Authority(canonical, null));
    }

    /// <summary>The addresses that may be connected to, by the policy that the authority falls under.</summary>
    /// <exception cref="FetchRefusedException">The authority is a stranger's and out of bounds.</exception>
    /// <exception cref="SocketException">The name is unknown.</exception>
    public ValueTask<IPAddress[]> AdmitAsync(string host, int port, CancellationToken cancellationToken) =>
        IsConfigured(host, port) ? ResolveAsync(host, cancellationToken) : AdmitStrangerAsync(host, port, cancellationToken);

    /// <summary>The addresses that may be connected to, by the policy for strangers even if the authority is configured.</summary>
    /// <inheritdoc cref="AdmitAsync"/>
    public async ValueTask<IPAddress[]> AdmitStrangerAsync(string host, int port, CancellationToken cancellationToken)
    {
        if (!_strangerPorts.Contains(port))
        {
            throw new FetchRefusedException($"Port {port} of {host} is not open to strangers' addresses.");
        }

        var addresses = await ResolveAsync(host, cancellationToken);
        foreach (var address in addresses)
        {
            if (!GlobalAddresses.IsGlobalUnicast(address))
            {
                throw new FetchRefusedException($"{host} is at {address}, which is not a public address.");
            }
        }

        return addresses;
    }

    async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, cancellationToken);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        return Array.ConvertAll(addresses, a => a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a);
    }
}

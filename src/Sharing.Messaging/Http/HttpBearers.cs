using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>A person's addresses at a server. Thread-safe.</summary>
public sealed class HttpBearers(ServerConnection server) : IBearers
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<BearerBinding>> ListAsync(PersonId actor, CancellationToken cancellationToken = default) => await server.GetAsync(actor, "v1/bearers", MessagingJson.Default.BearerBindingArray, cancellationToken) ?? [];

    /// <inheritdoc/>
    public Task BindAsync(PersonId actor, string bearer, string address, CancellationToken cancellationToken = default) => PutAsync(actor, bearer, new() { Address = address }, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> ConfirmAsync(PersonId actor, string bearer, string code, CancellationToken cancellationToken = default)
    {
        try
        {
            await PutAsync(actor, bearer, new() { Code = code }, cancellationToken);
            return true;
        }
        catch (SharingException e) when (e.Code == ProblemCodes.InvalidInput)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(PersonId actor, string bearer, CancellationToken cancellationToken = default) => server.TellAsync(actor, HttpMethod.Delete, PathOf(bearer), cancellationToken);

    static string PathOf(string bearer) => $"v1/bearers/{Uri.EscapeDataString(bearer)}";

    async Task PutAsync(PersonId actor, string bearer, BearerRequest request, CancellationToken cancellationToken) =>
        _ = await server.SendAsync(actor, HttpMethod.Put, PathOf(bearer), request, MessagingJson.Default.BearerRequest, MessagingJson.Default.BearerBindingArray, null, cancellationToken)
            ?? throw new SharingException(ProblemCodes.RoleNotHere, "That server wakes nobody.");
}

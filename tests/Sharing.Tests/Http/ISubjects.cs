namespace Sharing.Tests.Http;

/// <summary>The things of a host that actors ask for: some for all of them, and fresh ones for those requests that change what they ask for.</summary>
interface ISubjects
{
    /// <summary>The id of what a route asks for in a state, and, where there is one, its address.</summary>
    Task<(string Id, Uri? Address)> IdAsync(Route route, Actor actor, Subject subject);

    /// <summary>The body to ask with; <c>null</c>: none.</summary>
    HttpContent? BodyOf(Route route, Actor actor, Subject subject, string id, Uri? address);
}

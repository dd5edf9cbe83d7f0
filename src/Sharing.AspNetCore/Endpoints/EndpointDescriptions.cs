using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>What the API document says of an endpoint.</summary>
static class EndpointDescriptions
{
    /// <summary>The tag of all our endpoints.</summary>
    public const string Tag = "Sharing";

    /// <summary>Its stable operation id, and what it does.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string operationId, string summary) => endpoint
        .WithName(operationId).WithSummary(summary).WithMetadata(new ProducesResponseTypeMetadata(400, typeof(ProblemBody), ["application/problem+json"]));

    /// <summary>Its path names something by an id of a type.</summary>
    public static RouteHandlerBuilder Names<TId>(this RouteHandlerBuilder endpoint, string parameter = "id") =>
        endpoint.WithMetadata(new NamesMetadata(parameter, typeof(TId)));

    /// <summary>It takes JSON. Routing is told of any media type: else it would take a wrong one for a path that is not there.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint)
        where T : notnull => endpoint.Accepts<T>("*/*");

    public static RouteHandlerBuilder Gives<T>(this RouteHandlerBuilder endpoint, int status = 200, string mediaType = "application/json") =>
        endpoint.Produces(status, typeof(T), mediaType);

    /// <summary>It gives bytes, whole or a range of them.</summary>
    public static RouteHandlerBuilder GivesBytes(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new GivesBytesMetadata());

    /// <summary>It may ask to come again later.</summary>
    public static RouteHandlerBuilder MayBeBusy(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new MayBeBusyMetadata());

    /// <summary>It answers also who has not signed in, where the audience is everyone.</summary>
    public static RouteHandlerBuilder OpenToEveryone(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new OpenToEveryoneMetadata());

    /// <summary>A repeat with the same <c>Idempotency-Key</c> makes nothing new.</summary>
    public static RouteHandlerBuilder Repeatable(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new RepeatableMetadata());
}

/// <summary>Marks an endpoint that takes the header <c>Idempotency-Key</c>.</summary>
sealed class RepeatableMetadata;

/// <summary>Marks an endpoint that also those are answered by who have not signed in.</summary>
sealed class OpenToEveryoneMetadata;

/// <summary>Marks an endpoint that shares out what it can do.</summary>
sealed class MayBeBusyMetadata;

/// <summary>Marks an endpoint that gives bytes.</summary>
sealed class GivesBytesMetadata;

/// <summary>Says what a parameter of a path is.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Type">The type of the id.</param>
sealed record NamesMetadata(string Parameter, Type Type);

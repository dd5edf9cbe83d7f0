using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Sharing.Tests.Laws;

public sealed partial class ShapeLaws
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    static IEnumerable<Type> PublicTypes => Repository.Packages.SelectMany(a => a.GetExportedTypes()).Where(t => !t.IsNested);

    static IEnumerable<Type> Shipped => PublicTypes.Where(t => t.Namespace != "Sharing.Testing");

    [Fact]
    public void A_seam_has_at_most_five_members()
    {
        var wide = PublicTypes.Where(t => t.IsInterface && t.GetMembers(Declared).Count(m => m is not MethodInfo { IsSpecialName: true }) > 5);
        Assert.Empty(wide);
    }

    [Fact]
    public void Classes_are_sealed_unless_they_are_made_to_be_derived_from()
    {
        var open = PublicTypes.Where(t => t is { IsClass: true, IsSealed: false, IsAbstract: false });
        Assert.Empty(open);
    }

    [Fact]
    public void Every_asynchronous_method_takes_a_cancellation_token_last()
    {
        var without =
            from type in Shipped
            from method in type.GetMethods(Declared)
            where !method.IsSpecialName && IsAsync(method.ReturnType) && method.Name != "DisposeAsync" && method.GetBaseDefinition().DeclaringType == type
            where method.GetParameters().LastOrDefault()?.ParameterType != typeof(CancellationToken)
            select $"{type.Name}.{method.Name}";
        Assert.Empty(without);
    }

    [Fact]
    public void Asynchronous_methods_end_in_Async()
    {
        var misnamed =
            from type in Shipped
            from method in type.GetMethods(Declared)
            where !method.IsSpecialName && IsAsync(method.ReturnType) && !method.Name.EndsWith("Async", StringComparison.Ordinal)
            select $"{type.Name}.{method.Name}";
        Assert.Empty(misnamed);
    }

    [Fact]
    public void Namespaces_are_package_names_and_registration_is_in_the_root_namespace()
    {
        foreach (var type in PublicTypes)
        {
            var package = type.Assembly.GetName().Name!;
            var expected = type.Name.StartsWith("Sharing", StringComparison.Ordinal) && type.Name.EndsWith("Extensions", StringComparison.Ordinal)
                || package == "Sharing.Abstractions" ? "Sharing" : package;
            Assert.True(type.Namespace == expected, $"{type.FullName} belongs into {expected}.");
        }
    }

    [Fact]
    public void Names_say_what_a_thing_is()
    {
        Assert.DoesNotContain(PublicTypes, t => BadName().IsMatch(t.Name));
    }

    [Fact]
    public void Options_are_sealed_and_validated()
    {
        foreach (var options in Shipped.Where(t => t.IsClass && t.Name.EndsWith("Options", StringComparison.Ordinal)))
        {
            Assert.True(options.IsSealed, options.Name);
            var bounded = options.GetProperties().Any(p => p.CanWrite && (p.PropertyType == typeof(TimeSpan) || p.PropertyType.IsPrimitive && p.PropertyType != typeof(bool)));
            var validator = typeof(Microsoft.Extensions.Options.IValidateOptions<>).MakeGenericType(options);
            Assert.True(!bounded || Repository.Packages.SelectMany(package => package.GetTypes()).Any(t => t.IsAssignableTo(validator)), $"{options.Name} has no validator.");
        }
    }

    [Fact]
    public void Files_are_short()
    {
        var long_ = Repository.Sources()
            .Where(f => !Path.GetFileName(f).StartsWith("Blake3", StringComparison.Ordinal)) // kernels
            .Select(f => (File: Path.GetRelativePath(Repository.Root, f), Lines: File.ReadLines(f).Count()))
            .Where(f => f.Lines > 400);
        Assert.Empty(long_);
    }

    [Fact]
    public void Every_public_service_call_about_a_person_names_the_actor_first()
    {
        Type[] services =
        [
            typeof(IOfflineStore), typeof(Offline.IPosts), typeof(Offline.IPostContent), typeof(Offline.IAccounts), typeof(Offline.ISocialNetwork),
            typeof(Offline.IDownloads), typeof(Offline.IOfflineWatch), typeof(Core.IRelationships), typeof(global::Sharing.P2P.IShares),
            typeof(global::Sharing.Apps.IAppLists), typeof(global::Sharing.Apps.IContactRadar), typeof(global::Sharing.Photos.IPhotos), typeof(global::Sharing.Photos.IPhotoFolders),
            typeof(global::Sharing.Photos.IPhotoGrants), typeof(global::Sharing.Photos.IPhotoSpace), typeof(global::Sharing.Photos.IPhotoEntries), typeof(global::Sharing.Photos.IPhotoWatch),
            typeof(global::Sharing.Messaging.ICatalog), typeof(global::Sharing.Messaging.IInbox), typeof(global::Sharing.Messaging.IInboxFeed), typeof(global::Sharing.Messaging.IMessages),
            typeof(global::Sharing.Messaging.ITastes), typeof(global::Sharing.Messaging.INetworkIdResolver),
        ];
        foreach (var method in services.SelectMany(s => s.GetMethods()))
        {
            var first = method.GetParameters()[0];
            Assert.True(
                first.Name == "actor" && (first.ParameterType == typeof(global::Sharing.Photos.GrantVisitor) || (Nullable.GetUnderlyingType(first.ParameterType) ?? first.ParameterType) == typeof(PersonId)),
                $"{method.DeclaringType!.Name}.{method.Name} does not name its actor.");
        }
    }

    static bool IsAsync(Type type) => typeof(Task).IsAssignableFrom(type)
        || type == typeof(ValueTask) || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(ValueTask<>) || type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)));

    [GeneratedRegex("Helper|Util|Manager|Common|Impl$|^Default")]
    private static partial Regex BadName();
}

using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing;

/// <summary>Says how people are told that something is there for them.</summary>
public static class SharingNotifyingExtensions
{
    /// <summary>Tells people in one more way. They are told in each.</summary>
    public static SharingBuilder AddNotifier<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TNotifier>(this SharingBuilder sharing)
        where TNotifier : class, INotifier
    {
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<INotifier, TNotifier>());
        return sharing;
    }

    /// <summary>Tells people by mail.</summary>
    public static SharingBuilder AddMail(this SharingBuilder sharing, Action<MailOptions> configure)
    {
        sharing.Services.AddOptions<MailOptions>().Configure(configure).ValidateOnStart();
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MailOptions>, MailOptions.Validator>());
        return sharing.AddNotifier<MailNotifier>();
    }
}
